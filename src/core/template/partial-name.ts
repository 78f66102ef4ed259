/** A template with every inclusion of one partial naming another; spacing inside the tags stays. */
export const replacePartialName = (
  template: string,
  { from, to }: { readonly from: string; readonly to: string },
): string =>
  template.replace(/(\{\{>\s*)([^\s}]+)(\s*\}\})/g, (tag, open: string, name: string, close: string) =>
    name === from ? `${open}${to}${close}` : tag,
  );
