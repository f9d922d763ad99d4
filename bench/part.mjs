// One part of `npm run bench` in a process of its own: what a part changes around itself (Vite sets NODE_ENV, the first
// peer warms the compiler) ends with it. Prints what was measured as one JSON document.
//
//     node bench/part.mjs node|chromium|upload|loop MEBIBYTES ROUNDS
const [part, ...numbers] = process.argv.slice(2)
const [mebibytes, rounds] = numbers.map(Number)

const MEASURE = {
  async node() {
    const { measureInNode } = await import('./sealing/node.mjs')
    return { version: process.version, speeds: await measureInNode(mebibytes, rounds) }
  },
  async chromium() {
    const { measureInChromium } = await import('./sealing/chromium.mjs')
    return measureInChromium(Math.max(1, mebibytes / 2), rounds)
  },
  async upload() {
    const { measureUpload } = await import('./upload.mjs')
    return measureUpload(8 * mebibytes, Math.min(rounds, 3))
  },
  async loop() {
    const { measureLoop } = await import('./loop.mjs')
    return measureLoop(1_000_000, Math.min(rounds, 3))
  },
}

console.log(JSON.stringify(await MEASURE[part]()))
