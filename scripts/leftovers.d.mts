/** The processes whose environment carries `mark`, still alive after a short grace. See leftovers.mjs. */
export function processesMarked(mark: string): Promise<{ pid: number; command: string }[]>
