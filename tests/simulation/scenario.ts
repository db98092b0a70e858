/**
 * What happens in a run, as plain data: drawn by a seed, shortened where it failed, and kept in `regressions` from then on.
 * Numbers name devices, tabs and items modulo how many there are, so that any part of the steps is a run too.
 */
import type { Faults } from '../../src/transport/memory.js'
import { seededRandom } from '../../src/testing/virtual-time.js'

export interface DevicePlan {
  /** `page`: one process, and storage in memory that outlives it. `browser`: tabs over files that a crash can tear. */
  readonly kind: 'page' | 'browser'
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead: number
}

export interface Edit {
  /** What is done, to which item, with which value: see `edits.ts`. */
  readonly verb: number
  readonly item: number
  readonly pick: number
}

interface At {
  readonly device: number
  readonly tab: number
}

export type Step =
  | ({ readonly do: 'edit'; readonly edits: readonly Edit[]; readonly wait?: 'local' | 'server' } & At)
  /** Durable on this device; accepted or refused by the server; the page is hidden and lives on. */
  | ({ readonly do: 'flush' | 'sync' | 'hide' } & At)
  /** The process dies; `hidden`: the page was told in the same task. */
  | ({ readonly do: 'kill'; readonly hidden: boolean } & At)
  | ({ readonly do: 'close' } & At)
  | ({ readonly do: 'plug'; readonly offline: boolean } & At)
  /** Another tab, or the first process of a device that has none. */
  | { readonly do: 'start'; readonly device: number }
  | { readonly do: 'power cut'; readonly device: number }
  | { readonly do: 'lose'; readonly device: number }
  | { readonly do: 'clock'; readonly device: number; readonly ahead: number }
  | { readonly do: 'disk'; readonly device: number; readonly fault: 'full' | 'flush' | 'none' }
  /** What happens to messages from now on; on the connections that are there, too. */
  | { readonly do: 'network'; readonly device: number; readonly faults: Faults }
  | { readonly do: 'sever'; readonly device: number; readonly silently: boolean }
  | { readonly do: 'server'; readonly how: 'crash' | 'kill' | 'stop' | 'start' | 'disk fails once' }
  | { readonly do: 'pass'; readonly ms: number }

export interface Scenario {
  /** Chance within the run: keys, ids, what the faults hit. */
  readonly seed: number
  readonly compress: boolean
  /**
   * The server takes keyframes often, devices that come late and tabs begin from one, and get what is below it in the
   * background or never. Absent: everybody has all commits.
   */
  readonly history?: 'full' | 'on-demand'
  readonly devices: readonly DevicePlan[]
  readonly steps: readonly Step[]
}

const HOUR = 3_600_000
const WAITS = [0, 1, 5, 20, 50, 100, 200, 334, 500, 1000, 3000]
const CLOCKS = [0, 0, 0, 0, 40, -900, 30_000, -HOUR, -7 * HOUR, 150_000, HOUR, 10 * 365 * 24 * HOUR]

/** The run of a seed. Each draws which kinds of steps it knows at all, so that some runs are all of one kind. */
export function drawScenario(seed: number): Scenario {
  const { fraction } = seededRandom(seed)
  const below = (n: number): number => Math.floor(fraction() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const chance = (probability: number): boolean => fraction() < probability

  const devices = Array.from({ length: pick([1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 8]) }, (): DevicePlan => ({
    kind: chance(0.5) ? 'browser' : 'page',
    ahead: chance(0.7) ? 0 : pick(CLOCKS),
  }))
  const at = (): At => ({ device: below(devices.length), tab: below(3) })
  const edit = (): Edit => ({ verb: below(1000), item: below(100), pick: below(1000) })

  const kinds: [number, () => Step][] = [
    [40, () => ({ do: 'edit', ...at(), edits: [edit()], ...(chance(0.1) && { wait: pick(['local', 'server']) }) })],
    [6, () => ({ do: 'edit', ...at(), edits: Array.from({ length: 2 + below(4) }, edit) })],
    [30, () => ({ do: 'pass', ms: chance(0.02) ? 20_000 : pick(WAITS) })],
  ]
  const rare: [number, () => Step][] = [
    [5, () => ({ do: 'flush', ...at() })],
    [2, () => ({ do: 'sync', ...at() })],
    [3, () => ({ do: 'hide', ...at() })],
    [4, () => ({ do: 'kill', ...at(), hidden: chance(0.6) })],
    [2, () => ({ do: 'close', ...at() })],
    [4, () => ({ do: 'plug', ...at(), offline: chance(0.5) })],
    [4, () => ({ do: 'start', device: below(devices.length) })],
    [2, () => ({ do: 'power cut', device: below(devices.length) })],
    [0.3, () => ({ do: 'lose', device: below(devices.length) })],
    [1, () => ({ do: 'clock', device: below(devices.length), ahead: pick(CLOCKS) })],
    [2, () => ({ do: 'disk', device: below(devices.length), fault: pick(['full', 'flush', 'none', 'none']) })],
    [5, () => ({ do: 'network', device: below(devices.length), faults: drawFaults(fraction) })],
    [3, () => ({ do: 'sever', device: below(devices.length), silently: chance(0.3) })],
    [2, () => ({ do: 'server', how: pick(['crash', 'crash', 'kill', 'stop', 'disk fails once']) })],
    [6, () => ({ do: 'server', how: 'start' })],
  ]
  for (const kind of rare) if (chance(0.6)) kinds.push(kind)
  const plots = PLOTS.filter(() => chance(0.4))
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0)
  const steps: Step[] = []
  for (const length = 100 + below(50); steps.length < length;) {
    if (plots.length > 0 && chance(0.03)) {
      steps.push(...pick(plots)(at(), { edit: (where) => ({ do: 'edit', ...where, edits: [edit()] }), pick, chance }))
      continue
    }
    let left = fraction() * total
    steps.push((kinds.find(([weight]) => (left -= weight) < 0) ?? kinds[0]!)[1]())
  }
  // Not drawn, so that what was drawn before there were keyframes stays the same.
  const history = ([undefined, 'full', 'on-demand'] as const)[seed % 3]
  return { seed, compress: chance(0.2), ...(history && { history }), devices, steps }
}

interface Dice {
  edit(where: At): Step
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

/** What chance alone would seldom put in this order. */
const PLOTS: readonly ((where: At, dice: Dice) => Step[])[] = [
  // Work without a connection, which only this device has when it ends.
  ({ device, tab }, { edit, pick }) => [
    { do: 'network', device, faults: { loss: 1 } },
    { do: 'sever', device, silently: false },
    edit({ device, tab }),
    { do: 'flush', device, tab },
    { do: 'pass', ms: pick([0, 20]) },
    edit({ device, tab }),
    pick<Step>([
      { do: 'power cut', device },
      { do: 'kill', device, tab, hidden: true },
      { do: 'close', device, tab },
    ]),
    { do: 'start', device },
    { do: 'network', device, faults: {} },
  ],
  // A page is hidden, and dies while what it left is on its way.
  ({ device, tab }, { edit, pick, chance }) => [
    ...(chance(0.7) ? [{ do: 'start', device } as const, { do: 'pass', ms: 300 } as const] : []),
    edit({ device, tab }),
    { do: 'hide', device, tab },
    { do: 'pass', ms: pick([0, 0, 1, 5, 20]) },
    { do: 'kill', device, tab, hidden: chance(0.5) },
    { do: 'pass', ms: pick([0, 5, 300]) },
    { do: 'start', device },
  ],
  // The tab that leads goes while another writes.
  ({ device }, { edit, pick, chance }) => [
    { do: 'start', device },
    { do: 'pass', ms: 500 },
    edit({ device, tab: 1 }),
    { do: 'pass', ms: pick([0, 1, 20, 50]) },
    edit({ device, tab: 0 }),
    { do: 'kill', device, tab: 0, hidden: chance(0.5) },
    edit({ device, tab: 0 }),
    { do: 'pass', ms: pick([0, 20, 100]) },
  ],
  // The server stops between taking something in and storing it.
  ({ device, tab }, { edit, pick }) => [
    edit({ device, tab }),
    { do: 'pass', ms: pick([0, 0, 1, 5]) },
    { do: 'server', how: pick(['crash', 'crash', 'kill', 'disk fails once']) },
    { do: 'sever', device, silently: false },
    { do: 'server', how: 'start' },
    { do: 'pass', ms: 500 },
  ],
]

function drawFaults(fraction: () => number): Faults {
  const kind = Math.floor(fraction() * 6)
  if (kind === 0) return { loss: 1 }
  if (kind < 3) return {}
  return {
    ...(fraction() < 0.5 && { loss: 0.3 }),
    ...(fraction() < 0.5 && { duplication: 0.3 }),
    ...(fraction() < 0.5 && { reorder: 0.3 }),
    ...(fraction() < 0.5 && { delayMs: [0, [20, 200, 2000][Math.floor(fraction() * 3)]!] as const }),
  }
}
