/** How the questions about the past are asked. */
import { cpuTime } from './cpu.js'
import { loadPast, makePast, modelAt, type Past, type Seen } from './past-peer.js'
import type { Variant } from './question.js'
import { requireSame, seeded } from './tasks.js'

/** Those who can show the past. */
export const PLAYABLE = ['ibex', 'automerge', 'loro', 'yjs'] as const

/** How many items a page shows besides those of its queries. */
const VISIBLE = 50

/** The sizes at which it is asked; `looks`: how often one looks. */
export function variantsOf(targets: { readonly small?: number; readonly large: number }): Variant[] {
  return [
    {
      key: 'small',
      title: '100 items, 10,000 commits',
      size: 10_000,
      ...(targets.small !== undefined && { target: targets.small }),
    },
    {
      key: 'large',
      title: '10,000 items, 100,000 commits',
      size: 100_000,
      target: targets.large,
      // Automerge takes longer to write it than an answer may take.
      peers: PLAYABLE.filter((name) => name !== 'automerge'),
    },
  ]
}

export interface AskedPast {
  readonly past: Past
  readonly moments: readonly number[]
  readonly visible: readonly string[]
  /** Throws where something else was seen than there was. */
  check(moment: number, seen: Seen): void
}

export async function openPast(name: string, size: number, looks: number): Promise<AskedPast> {
  const items = size === 10_000 ? 100 : 10_000
  const long = makePast(items, size, looks)
  const visible = long.tasks.slice(0, VISIBLE).map(({ id }) => id)
  const past = await (await loadPast(name)).open(long, visible)
  // In no order, as a person does who drags a slider to and fro.
  const below = seeded(5)
  const moments = [...long.moments]
  for (let i = moments.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[moments[i], moments[j]] = [moments[j]!, moments[i]!]
  }
  return {
    past,
    moments,
    visible,
    check(moment, seen) {
      const expected = modelAt(long, moment, visible)
      requireSame(`the window after ${moment} commits`, seen.window, expected.window)
      requireSame(`the visible items after ${moment} commits`, seen.titles, expected.titles)
    },
  }
}

/** Milliseconds of processor time that something takes. */
export function spentOn(work: () => void): number {
  const began = cpuTime()
  work()
  return cpuTime() - began
}

/** Milliseconds below which this part of all lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}
