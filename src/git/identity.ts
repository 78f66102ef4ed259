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
