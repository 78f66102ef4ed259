/** How much a change is felt by callers, weakest first. */
export const impacts = ['none', 'patch', 'minor', 'major'] as const;
export type Impact = (typeof impacts)[number];

export const compareImpact = (a: Impact, b: Impact): number => impacts.indexOf(a) - impacts.indexOf(b);

/** The strongest of the impacts given; `none` of no impact. */
export const strongestImpact = (grades: Iterable<Impact>): Impact => {
  let strongest: Impact = 'none';
  for (const grade of grades) if (compareImpact(grade, strongest) > 0) strongest = grade;
  return strongest;
};
