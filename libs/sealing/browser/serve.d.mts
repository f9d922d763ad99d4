/** Bundles the page and serves it on a free port of localhost. `stop` ends that and removes the bundle. */
export function servePage(): Promise<{ url: string; stop(): Promise<void> }>
