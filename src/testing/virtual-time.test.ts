import { expect, test } from 'vitest'
import { seededRandom, VirtualTime } from './virtual-time.js'

test('timers run in the order of their times, then of their making; cancelled ones do not; none runs early', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { fraction } = seededRandom(seed)
    const time = new VirtualTime(0)
    const expected: { at: number; n: number }[] = []
    const ran: { at: number; n: number }[] = []
    let made = 0
    const set = (): void => {
      const n = made++
      const at = time.now() + Math.floor(fraction() * 20)
      const handle = time.after(at - time.now(), () => {
        expect(time.now()).toBe(at)
        ran.push({ at, n })
        if (fraction() < 0.3 && made < 200) set()
      })
      if (fraction() < 0.2) time.cancel(handle)
      else expected.push({ at, n })
    }
    for (let i = 0; i < 100; i++) set()
    await time.pass(10)
    expect(ran.every(({ at }) => at <= 10)).toBe(true)
    await time.pass(200)
    expect(ran).toEqual(expected.sort((a, b) => a.at - b.at || a.n - b.n))
    expect(time.now()).toBe(210)
  }
})

test('what follows from a timer happens before the next one', async () => {
  const time = new VirtualTime(0)
  const said: string[] = []
  time.after(1, () => void Promise.resolve().then(() => said.push('promised by a')))
  time.after(1, () => said.push('b'))
  await time.pass(1)
  expect(said).toEqual(['promised by a', 'b'])
})

test('whoever asks for another quiet waits by it', async () => {
  let waits = 0
  const time = new VirtualTime(0, () => {
    waits++
    return new Promise((resolve) => setImmediate(resolve))
  })
  let late = false
  const slowly = async (): Promise<void> => {
    for (let turn = 0; turn < 1000; turn++) await Promise.resolve()
    late = true
  }
  time.after(1, () => void slowly())
  await time.pass(1)
  expect([late, waits]).toEqual([true, 2])
})
