/** The path of a Chromium that starts; throws an Error with one line of advice. See chromium.mjs. */
export function findChromium(): Promise<string>
