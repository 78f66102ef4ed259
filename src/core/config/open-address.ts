/** Whether a secret sent to an address could be read on its way: without TLS, to another machine. */
export const sendsInTheOpen = (url: string | null): boolean => {
  if (url === null) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
};
