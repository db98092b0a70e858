/** What a benchmark asks. One file a question in `questions/`. */
import type { Peer } from './peer.js'

export interface Question {
  /** As `--only` names it; the name of its file. */
  readonly name: string
  readonly title: string
  readonly unit: 'µs' | 'ms' | 'B' | 'kB'
  readonly variants: readonly Variant[]
  /** Names of the files of those who are asked, the floor and Ibex among them. */
  readonly peers: readonly string[]
  /** Flags of Node for the process that answers. */
  readonly flags?: readonly string[]
  /** Asks `peer`, in a process of its own. Throws when an answer was wrong. */
  run(peer: string, variant: Variant, effort: Effort): Promise<Answer>
}

/** One way of asking: a row of the table. */
export interface Variant {
  readonly key: string
  readonly title: string
  /** How many items. */
  readonly size: number
  /** Whether the log counts too. */
  readonly log?: boolean
  /** What Ibex shall reach, in the question's unit; `must`: in any case. */
  readonly target?: number
  /** The target where it is so many times the floor. */
  readonly timesFloor?: number
  readonly must?: boolean
  /** Fewer than the question's, where some would take minutes or have no answer. */
  readonly peers?: readonly string[]
}

export interface Effort {
  /** Processor milliseconds before and while measuring. */
  readonly warm: number
  readonly measure: number
}

export interface Answer {
  /** In the question's unit. */
  readonly value: number
  /** Further figures: renders, percentiles. */
  readonly more?: Readonly<Record<string, number>>
}

/** Everybody, in the order of the tables. */
export const EVERYBODY = [
  'floor',
  'ibex',
  'zustand',
  'redux',
  'jotai',
  'valtio',
  'mobx',
  'tinybase',
  'yjs',
  'automerge',
  'loro',
  'rxdb',
  'tanstack',
  'sqlite',
] as const

/** Those who can keep a log of changes, or a database. */
export const LOGGING = ['ibex', 'yjs', 'automerge', 'loro', 'sqlite'] as const

/** Those who answer queries, or have a usual way to derive an answer. */
export const QUERYING = [
  'floor',
  'ibex',
  'zustand',
  'redux',
  'jotai',
  'valtio',
  'mobx',
  'tinybase',
  'rxdb',
  'tanstack',
  'sqlite',
] as const

/** The adapter of a library. */
export async function loadPeer(name: string): Promise<Peer> {
  const file = new URL(`peers/${name}.js`, import.meta.url).href
  const { peer } = (await import(file)) as { readonly peer: Peer }
  return peer
}
