/** The clock of the benchmarks: what the main thread has worked, whoever else uses the machine. */
import { openSync, readSync } from 'node:fs'

const sleeper = new Int32Array(new SharedArrayBuffer(4))
const buffer = Buffer.alloc(128)
const schedule = open()

/** Milliseconds of processor time of this thread; where the system does not say, those of the whole process. */
export function cpuTime(): number {
  if (schedule === undefined) {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
  // The kernel adds up when a thread stops running, and otherwise only with every tick: so it is made to stop.
  Atomics.wait(sleeper, 0, 0, 0.2)
  const length = readSync(schedule, buffer, 0, buffer.length, 0)
  return Number(buffer.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6
}

/** Which of the two it is. */
export const cpuClock: string =
  schedule === undefined ? 'processor time of the process' : 'processor time of the main thread'

function open(): number | undefined {
  try {
    return openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
  } catch {
    return undefined
  }
}
