import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';

/** Who git takes the user for. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** The author that git would record, from its configuration and environment. @throws IDENTITY_MISSING */
export const readIdentity = async (repository: Repository): Promise<Identity> => {
  const output = await repository.run(['var', 'GIT_AUTHOR_IDENT'], { accept: [128] });
  const match = /^(.*?) ?<(.*)> \d+ [+-]\d{4}\n?$/.exec(output.stdout.toString('utf8'));
  if (!match) throw promptvError('IDENTITY_MISSING');
  return { name: match[1] ?? '', email: match[2] ?? '' };
};

/** `Name <mail>`. */
export const formatIdentity = ({ name, email }: Identity): string => `${name} <${email}>`;

/** Each person (`Name <mail>`) as the mailmap has them, in the same order. */
export const mapPeople = async (
  repository: Repository,
  people: readonly string[],
): Promise<readonly string[]> => {
  // check-mailmap reads a line a person and refuses one without an address.
  const isAddress = (person: string): boolean => /<[^<>\n]+>$/.test(person) && !person.includes('\n');
  const askable = people.filter(isAddress);
  if (askable.length === 0) return people;
  const output = await repository.run(['check-mailmap', '--stdin'], { input: `${askable.join('\n')}\n` });
  const mapped = output.stdout.toString('utf8').split('\n');
  return people.map((person) => (isAddress(person) ? (mapped[askable.indexOf(person)] ?? person) : person));
};
