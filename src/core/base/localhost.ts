/** Whether the host of a URL (an IPv6 address in brackets) names this computer itself. */
export const isLocalhost = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/i.test(host);
