/**
 * What every storage owes, as a list of named cases that need no test runner: they run under Vitest and inside a page.
 */
import type { Log, Position, Storage } from '../../src/storage/port.js'

/** A device with one storage on it, new for each case. */
export interface Device {
  /** Opens the storage; what was closed is there again. */
  open(): Promise<Storage>
  /** Opens it once more, as another process or tab would, while the first is open. */
  rival?(): Promise<Storage>
  /** What a rival meets: it takes a log over at once, or waits in vain until the owner lets go. */
  readonly rivals?: 'take over' | 'wait'
  /** Flips a bit of a closed log's record, or of its newest keyframe. */
  corruptRecord?(storage: Storage, log: string, position: Position): Promise<void>
  corruptKeyframe?(storage: Storage, log: string, name: string): Promise<void>
  /** A value that only structured clone can carry, and a check that it came back. */
  readonly clonable?: { make(): Promise<unknown>; check(value: unknown): Promise<boolean> }
  /** Whether what is closed outlives the storage object. */
  readonly durable: boolean
}

export interface Case {
  readonly name: string
  applies?(device: Device): boolean
  run(device: Device): Promise<void>
}

export const CASES: readonly Case[] = [
  {
    name: 'I-15: what was flushed is there after opening again, in order',
    async run(device) {
      let storage = await device.open()
      let log = await storage.openLog('/data/main')
      const positions = await appendAll(log, ['one', 'two', 'three'])
      await log.flush()
      ascending(positions)
      same(await texts(log), ['one', 'two', 'three'])
      storage = await reopen(device, storage)
      log = await storage.openLog('/data/main')
      same(await texts(log), ['one', 'two', 'three'])
      same(await positionsOf(log), positions)
      positions.push(...(await appendAll(log, ['four'])))
      ascending(positions)
      storage = await reopen(device, storage)
      log = await storage.openLog('/data/main')
      same(await texts(log), ['one', 'two', 'three', 'four'])
      same(log.damage, [])
      await storage.close()
    },
  },
  {
    name: 'I-15: flush covers appends that nobody waited for',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      const done: number[] = []
      for (let i = 0; i < 1000; i++) void log.append(bytesOf(`record ${i}`)).then(() => done.push(i))
      await log.flush()
      same(done.length, 1000)
      same(
        await texts(log),
        Array.from({ length: 1000 }, (_, i) => `record ${i}`),
      )
      same(log.size().frames, 1000)
      await storage.close()
    },
  },
  {
    name: 'records of any length come back byte for byte',
    async run(device) {
      let storage = await device.open()
      let log = await storage.openLog('log')
      const records = [0, 1, 2, 255, 4096, 300_000, 3_000_000, 0].map(patterned)
      await Promise.all(records.map((record) => log.append(record)))
      storage = await reopen(device, storage)
      log = await storage.openLog('log')
      const found: Uint8Array[] = []
      await log.replay((payload) => found.push(payload.slice()))
      same(found.length, records.length)
      records.forEach((record, i) => same(equal(record, found[i]!), true, `record ${i}`))
      await storage.close()
    },
  },
  {
    name: 'a record is the bytes it was, whatever buffer they were a part of',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      const buffer = patterned(100)
      await Promise.all([log.append(buffer.subarray(10, 20)), log.append(buffer.subarray(15, 40))])
      buffer.fill(0)
      const found: Uint8Array[] = []
      await log.replay((payload) => found.push(payload.slice()))
      same(
        found.map((record) => [...record]),
        [[...patterned(100).subarray(10, 20)], [...patterned(100).subarray(15, 40)]],
      )
      await storage.close()
    },
  },
  {
    name: 'replay starts after a position, and read finds one record',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      const words = Array.from({ length: 20 }, (_, i) => `word ${i}`)
      const positions = await appendAll(log, words)
      for (let i = 0; i < words.length; i++) {
        same(await texts(log, positions[i]), words.slice(i + 1))
        same(textOf(await log.read(positions[i]!)), words[i])
      }
      same(textOf(await log.read((await appendAll(log, ['x'.repeat(9000)]))[0]!)), 'x'.repeat(9000))
      await refuses('storage-damaged', () => log.read(positions.at(-1)! * 3))
      await storage.close()
    },
  },
  {
    name: 'many records are found at once, near each other and far apart, in any number of segments',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      const records = Array.from({ length: 200 }, (_, i) => patterned(i % 50 === 7 ? 90_000 : i % 20 === 3 ? 5000 : i))
      const positions = await Promise.all(records.map((record) => log.append(record)))
      for (const step of [1, 2, 30, 199]) {
        const wanted = positions.filter((_, i) => i % step === 0)
        const found: [boolean, Position][] = []
        await log.readMany(wanted, (payload, position) => {
          const record = records[positions.indexOf(position)]!
          found.push([payload !== undefined && equal(payload, record), position])
        })
        same(
          found,
          wanted.map((position) => [true, position]),
        )
      }
      await log.readMany([], () => {
        throw new Error('Nothing was asked for.')
      })
      const beyond = positions.at(-1)! * 3
      const found: unknown[] = []
      await log.readMany([positions[0]!, positions.at(-1)!, beyond], (payload) => found.push(payload?.length))
      same(found, [0, records.at(-1)!.length, undefined])
      await storage.close()
    },
  },
  {
    name: 'a replay, and who reads many, waits for whoever asks it to',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      const positions = await appendAll(log, ['a', 'b', 'c'])
      const steps: string[] = []
      const slow = async (payload: Uint8Array | undefined): Promise<void> => {
        steps.push(`begin ${textOf(payload!)}`)
        await new Promise((resolve) => setTimeout(resolve, 0))
        steps.push(`end ${textOf(payload!)}`)
      }
      const expected = ['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c']
      await log.replay(slow)
      same(steps.splice(0), expected)
      await log.readMany(positions, slow)
      same(steps, expected)
      await refuses('enough', () =>
        log.readMany(positions, async () => {
          throw new Error('enough')
        }),
      )
      await storage.close()
    },
  },
  {
    name: 'records appended during a replay are not part of it',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      await appendAll(log, ['a', 'b'])
      const found: string[] = []
      const late: Promise<Position>[] = []
      await log.replay((payload) => {
        found.push(textOf(payload))
        late.push(log.append(bytesOf('late')))
      })
      same(found, ['a', 'b'])
      await Promise.all(late)
      same(await texts(log), ['a', 'b', 'late', 'late'])
      await storage.close()
    },
  },
  {
    name: 'what a replay callback throws reaches the caller, and the log lives on',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      await appendAll(log, ['a', 'b'])
      let seen = 0
      const failure = await log
        .replay(() => {
          seen++
          throw new RangeError('enough')
        })
        .catch((error: unknown) => error)
      same(failure instanceof RangeError, true)
      same(seen, 1)
      same(await texts(log), ['a', 'b'])
      await storage.close()
    },
  },
  {
    name: 'logs whose names are prefixes of each other, or differ in case, do not mix',
    async run(device) {
      let storage = await device.open()
      const names = [
        'A',
        'AB',
        'a',
        'ab',
        '/data/A',
        '/data/AB',
        '/data/A/B',
        'A,B',
        'A/B',
        'A=b',
        'A%002fB',
        'ü.',
        'A-1',
        '',
      ]
      for (const name of names) {
        const log = await storage.openLog(name)
        const [position] = await appendAll(log, [`record of ${name}`])
        await log.writeKeyframe('k', bytesOf(`keyframe of ${name}`), position!)
      }
      await storage.put('A', 1)
      storage = await reopen(device, storage)
      same((await storage.list()).sort(), [...names].sort())
      for (const name of names) {
        const log = await storage.openLog(name)
        same(await texts(log), [`record of ${name}`])
        same(textOf((await log.newestKeyframe())!.bytes), `keyframe of ${name}`)
      }
      await storage.close()
    },
  },
  {
    name: 'the newest keyframe covers what it says; the log still has everything',
    async run(device) {
      let storage = await device.open()
      let log = await storage.openLog('log')
      same(await log.newestKeyframe(), undefined)
      const [a, b, c, d] = await appendAll(log, ['a', 'b', 'c', 'd'])
      await log.writeKeyframe('first', bytesOf('state at a'), a!)
      await log.writeKeyframe('third', patterned(200_000), c!)
      await log.writeKeyframe('second', bytesOf('state at b'), b!)
      const check = async (): Promise<void> => {
        const keyframe = (await log.newestKeyframe())!
        same(keyframe.name, 'third')
        same(keyframe.covers, c)
        same(equal(keyframe.bytes, patterned(200_000)), true)
        same(await texts(log, keyframe.covers), ['d'])
        same(await texts(log), ['a', 'b', 'c', 'd'])
      }
      await check()
      storage = await reopen(device, storage)
      log = await storage.openLog('log')
      await check()
      await log.writeKeyframe('third', bytesOf('again'), c!)
      same(textOf((await log.newestKeyframe())!.bytes), 'again')
      await log.writeKeyframe('/Fourth ü', bytesOf(''), d!)
      const fourth = (await log.newestKeyframe())!
      same([fourth.name, fourth.bytes.length, fourth.covers], ['/Fourth ü', 0, d])
      await appendAll(log, ['e'])
      storage = await reopen(device, storage)
      log = await storage.openLog('log')
      same(await texts(log, d), ['e'])
      await storage.close()
    },
  },
  {
    name: 'a keyframe that was damaged gives way to the older one, then to the log',
    applies: (device) => device.corruptKeyframe !== undefined,
    async run(device) {
      let storage = await device.open()
      let log = await storage.openLog('log')
      const [a, b] = await appendAll(log, ['a', 'b'])
      await log.writeKeyframe('at a', bytesOf('state at a'), a!)
      await log.writeKeyframe('at b', bytesOf('state at b'), b!)
      for (const [name, left] of [
        ['at b', 'at a'],
        ['at a', undefined],
      ] as const) {
        await log.close()
        await device.corruptKeyframe!(storage, 'log', name)
        storage = await reopen(device, storage)
        log = await storage.openLog('log')
        same((await log.newestKeyframe())?.name, left)
        same(log.damage[0]?.kind, 'keyframe')
      }
      same(await texts(log), ['a', 'b'])
      await storage.close()
    },
  },
  {
    name: 'a flipped bit loses that record only, and is reported',
    applies: (device) => device.corruptRecord !== undefined,
    async run(device) {
      let storage = await device.open()
      let log = await storage.openLog('log')
      const words = ['zero', 'one', 'two', 'three', 'four']
      const positions = await appendAll(log, words)
      await log.close()
      await device.corruptRecord!(storage, 'log', positions[2]!)
      storage = await reopen(device, storage)
      log = await storage.openLog('log')
      same(await texts(log), ['zero', 'one', 'three', 'four'])
      same(await texts(log, positions[0]), ['one', 'three', 'four'])
      same(await texts(log, positions[2]), ['three', 'four'])
      same(
        log.damage.map(({ kind, records }) => [kind, records]),
        [['gap', 1]],
      )
      await refuses('storage-damaged', () => log.read(positions[2]!))
      same(textOf(await log.read(positions[3]!)), 'three')
      const found: unknown[] = []
      await log.readMany(positions, (payload) => found.push(payload && textOf(payload)))
      same(found, ['zero', 'one', undefined, 'three', 'four'])
      await appendAll(log, ['five'])
      same(await texts(log, positions[3]), ['four', 'five'])
      await storage.close()
    },
  },
  {
    name: 'I-15: who opens a log again takes it over; the earlier owner is refused',
    async run(device) {
      const storage = await device.open()
      const before = await storage.openLog('log')
      await appendAll(before, ['a'])
      const after = await storage.openLog('log')
      await refuses('storage-fenced', () => before.append(bytesOf('lost')))
      await refuses('storage-fenced', () => before.writeKeyframe('k', bytesOf('lost'), 1))
      await appendAll(after, ['b'])
      same(await texts(after), ['a', 'b'])
      same(await after.newestKeyframe(), undefined)
      await before.close()
      await appendAll(after, ['c'])
      same(await texts(after), ['a', 'b', 'c'])
      await storage.close()
    },
  },
  {
    name: 'I-15: another process takes a log over, sees all that was acknowledged, and fences the owner',
    applies: (device) => device.rivals === 'take over',
    async run(device) {
      const storage = await device.open()
      const rival = await device.rival!()
      const before = await storage.openLog('log')
      const acknowledged: string[] = []
      const codes: unknown[] = []
      const append = (name: string): void =>
        void before.append(bytesOf(name)).then(
          () => acknowledged.push(name),
          (error: { code?: unknown }) => codes.push(error.code),
        )
      for (let i = 0; i < 50; i++) append(`early ${i}`)
      const opening = rival.openLog('log')
      for (let i = 0; i < 50; i++) {
        append(`late ${i}`)
        if (i % 5 === 0) await before.flush().catch(() => {})
      }
      const after = await opening
      const seen = await texts(after)
      await appendAll(after, ['of the rival'])
      await refuses('storage-fenced', () => before.append(bytesOf('lost')))
      same(
        acknowledged.filter((name) => !seen.includes(name)),
        [],
      )
      same(
        codes.filter((code) => code !== 'storage-fenced'),
        [],
      )
      await storage.close()
      const third = await (await device.open()).openLog('log')
      const all = await texts(third)
      same(
        acknowledged.filter((name) => !all.includes(name)),
        [],
      )
      same(all.includes('of the rival'), true)
      same(new Set(all).size, all.length)
      same(third.damage, [])
      await third.close()
      await rival.close()
    },
  },
  {
    name: 'another tab waits in vain for a log that is held, and has it when it is let go of',
    applies: (device) => device.rivals === 'wait',
    async run(device) {
      const storage = await device.open()
      const rival = await device.rival!()
      const log = await storage.openLog('log')
      await appendAll(log, ['a'])
      await refuses('storage', () => rival.openLog('log'))
      await appendAll(log, ['b'])
      const waiting = rival.openLog('log')
      await log.close()
      const after = await waiting
      same(await texts(after), ['a', 'b'])
      await storage.close()
      await rival.close()
    },
  },
  {
    name: 'a closed log refuses',
    async run(device) {
      const storage = await device.open()
      const log = await storage.openLog('log')
      const waiting = log.append(bytesOf('a'))
      await log.close()
      await waiting
      await refuses('storage', () => log.append(bytesOf('b')))
      same(await texts(await storage.openLog('log')), ['a'])
      await storage.close()
    },
  },
  {
    name: 'values: put, replace, delete; keys that are prefixes do not mix',
    async run(device) {
      let storage = await device.open()
      same(await storage.get('missing'), undefined)
      await storage.put('A', { schema: { name: 'task', fields: [1, 2.5, null, true] } })
      await storage.put('AB', 'text')
      await storage.put('a', new Uint8Array([0, 1, 255]))
      await storage.put('/user/Ü.x', 7)
      await storage.put('AB', 'other')
      await storage.put('gone', 1)
      await storage.delete('gone')
      await storage.delete('never there')
      storage = await reopen(device, storage)
      same(await storage.get('A'), { schema: { name: 'task', fields: [1, 2.5, null, true] } })
      same(await storage.get('AB'), 'other')
      same([...((await storage.get('a')) as Uint8Array)], [0, 1, 255])
      same(await storage.get('/user/Ü.x'), 7)
      same(await storage.get('gone'), undefined)
      same(await storage.list(), [])
      await storage.close()
    },
  },
  {
    name: 'values: a key that cannot be extracted survives',
    applies: (device) => device.clonable !== undefined,
    async run(device) {
      let storage = await device.open()
      await storage.put('key', await device.clonable!.make())
      storage = await reopen(device, storage)
      same(await device.clonable!.check(await storage.get('key')), true)
      await storage.close()
    },
  },
  {
    name: 'destroy leaves nothing',
    async run(device) {
      let storage = await device.open()
      const log = await storage.openLog('log')
      await appendAll(log, ['a'])
      await storage.put('k', 1)
      await storage.destroy()
      storage = await device.open()
      same(await storage.list(), [])
      same(await storage.get('k'), undefined)
      same(await texts(await storage.openLog('log')), [])
      await storage.destroy()
    },
  },
]

async function reopen(device: Device, storage: Storage): Promise<Storage> {
  if (!device.durable) return storage
  await storage.close()
  return device.open()
}

export async function appendAll(log: Log, words: readonly string[]): Promise<Position[]> {
  return Promise.all(words.map((word) => log.append(bytesOf(word))))
}

export async function texts(log: Log, after?: Position): Promise<string[]> {
  const found: string[] = []
  await log.replay((payload) => found.push(textOf(payload)), after)
  return found
}

async function positionsOf(log: Log): Promise<Position[]> {
  const found: Position[] = []
  await log.replay((_, position) => found.push(position))
  return found
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function ascending(positions: readonly Position[]): void {
  positions.forEach((position, i) => same(position > (positions[i - 1] ?? 0), true, `position ${i}`))
}

function same(found: unknown, expected: unknown, what: string = ''): void {
  const [a = '', b = ''] = [JSON.stringify(found), JSON.stringify(expected)] as (string | undefined)[]
  if (a !== b) throw new Error(`${what} expected ${b.slice(0, 500)}, found ${a.slice(0, 500)}`)
}

async function refuses(code: string, act: () => Promise<unknown>): Promise<void> {
  const outcome: unknown = await act().then(
    () => 'no error',
    (error: { code?: unknown; message?: unknown }) => error.code ?? error.message,
  )
  same(outcome, code)
}
