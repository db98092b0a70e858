import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IDLE_AFTER, SEEN_AFTER, TextSession } from '../../examples/tracker/src/text/text-session.js'

test('letters typed here survive a text from elsewhere that lacks them, and the store is told', () => {
  const session = new TextSession('crash')
  session.type('crash!', 0)
  expect(session.receive('Fix crash', 10)).toEqual({ text: 'Fix crash!', write: true })
  expect(session.receive('Fix crash!', 20)).toBeUndefined()
})

test('who does not type takes what comes, and writes nothing', () => {
  const session = new TextSession('crash')
  expect(session.receive('Fix crash', 0)).toEqual({ text: 'Fix crash', write: false })
  expect(session.receive('Fix', 1)).toEqual({ text: 'Fix', write: false })
})

test('letters that everybody has seen can be removed elsewhere; those of this moment cannot', () => {
  const session = new TextSession('')
  session.type('old', 0)
  session.type('old new', SEEN_AFTER + 1)
  expect(session.receive('!', SEEN_AFTER + 2)).toEqual({ text: ' new!', write: true })
})

test('when nobody has typed here for a while, all that comes is taken', () => {
  const session = new TextSession('')
  session.type('old', 0)
  expect(session.receive('', IDLE_AFTER + 1)).toEqual({ text: '', write: false })
})

test('a refused text stays while one types, is not sent again by itself, and goes when one leaves', () => {
  const session = new TextSession('short')
  session.type('too long', 0)
  expect(session.receive('short', 100)).toBeUndefined()
  expect(session.text).toBe('too long')
  expect(session.reset('short')).toEqual({ text: 'short', write: false })
})

test('an own text that comes late changes nothing', () => {
  const session = new TextSession('')
  session.type('a', 0)
  session.type('ab', 1)
  session.type('abc', 2)
  expect(session.receive('ab', 3)).toBeUndefined()
  expect(session.text).toBe('abc')
})

interface Device {
  readonly session: TextSession
  readonly name: number
  text: string
  stamp: readonly [number, number]
  caret: number
}

/**
 * Two devices type into one register where the last write wins; whatever arrives takes `latency` to do so. Answers what
 * each shows in the end, and then when it has left the field.
 */
function typeTogether(
  typing: readonly { by: number; after: number; jump: number | null; letter: string }[],
  latency: readonly number[],
): readonly string[] {
  const devices = [0, 1].map((name): Device => ({
    session: new TextSession('-'),
    name,
    text: '-',
    stamp: [0, 0],
    caret: 1,
  }))
  const events: { at: number; run: (now: number) => void }[] = []
  let sent = 0
  const write = (device: Device, now: number): void => {
    device.text = device.session.text
    device.stamp = [device.stamp[0] + 1, device.name]
    const { text, stamp } = device
    const other = devices[1 - device.name]!
    const at = now + latency[sent++ % latency.length]!
    events.push({
      at,
      run: (then) => {
        const newer = stamp[0] - other.stamp[0] || stamp[1] - other.stamp[1]
        if (newer <= 0) return
        other.text = text
        other.stamp = stamp
        if (other.session.receive(text, then)?.write) write(other, then)
      },
    })
  }
  let now = 0
  for (const { by, after, jump, letter } of typing) {
    now += after
    events.push({
      at: now,
      run: (then) => {
        const device = devices[by]!
        const { text } = device.session
        const place = jump === null ? Math.min(device.caret, text.length) : jump % (text.length + 1)
        device.session.type(text.slice(0, place) + letter + text.slice(place), then)
        device.caret = place + 1
        write(device, then)
      },
    })
  }
  for (let steps = 0; events.length > 0; steps++) {
    if (steps > 10_000) throw new Error('They never agree.')
    events.sort((a, b) => a.at - b.at)
    const { at, run } = events.shift()!
    run(at)
  }
  return devices.flatMap(({ session, text }) => {
    const shown = session.text
    // They leave the field.
    session.reset(text)
    return [shown, session.text]
  })
}

const latency = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 7 })
const typed = (
  letters: fc.Arbitrary<string>[],
): fc.Arbitrary<{ by: number; after: number; jump: number | null; letter: string }[]> =>
  fc
    .tuple(
      ...letters.map((letter) =>
        fc.record({ by: fc.nat(1), after: fc.nat(100), jump: fc.option(fc.nat(50), { freq: 3 }), letter }),
      ),
    )
    .map((all) => all)

test('two who type at once: both see the same in the end, with every letter once', () => {
  const letters = Array.from('abcdefghijklmnopqrst').map((letter) => fc.constant(letter))
  fc.assert(
    fc.property(typed(letters), latency, (typing, delays) => {
      const texts = typeTogether(typing, delays)
      expect(new Set(texts).size).toBe(1)
      expect(Array.from(texts[0]!).sort().join('')).toBe('-abcdefghijklmnopqrst')
    }),
    { numRuns: 200 },
  )
})

test('… and with letters that repeat they agree too, and it ends', () => {
  // The same letter typed twice at the same place may become one, or the reverse: nobody can tell them apart.
  const letters = Array.from({ length: 20 }, () => fc.constantFrom('a', 'b', ' '))
  fc.assert(
    fc.property(typed(letters), latency, (typing, delays) => {
      const texts = typeTogether(typing, delays)
      expect(texts[1]).toBe(texts[3])
      expect(texts[1]!.length).toBeLessThanOrEqual(2 * typing.length)
    }),
    { numRuns: 200 },
  )
})
