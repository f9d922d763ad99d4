// Preloaded (`node --import`) into a program whose clock a test sets wrong while it runs: by as many seconds as the
// parent says over IPC. Timers are not touched, as with a real clock that somebody set.
const True = Date
let shift = 0

const now = () => True.now() + shift
globalThis.Date = new Proxy(True, {
  construct: (target, args, asked) => Reflect.construct(target, args.length === 0 ? [now()] : args, asked),
  apply: () => new Date().toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})

process.on('message', (message) => {
  if (typeof message?.clockSkewSeconds === 'number') shift = message.clockSkewSeconds * 1000
})
// Nobody else need listen for the program to end as it would: the channel alone must not keep it.
process.channel?.unref()
