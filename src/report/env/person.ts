/** The name of `Name <mail>`; the address where there is no name. */
export const personName = (person: string): string => {
  const [, name = '', mail = ''] = /^(.*?)\s*<([^<>]*)>$/.exec(person) ?? [];
  return name || mail || person;
};
