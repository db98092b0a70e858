/**
 * What the simulated apps did, and what they were promised of it. Every action carries a label of its own into its commit,
 * so that at the end one can look where it went: nowhere, once, or twice.
 */
import type { CommitId } from '../../src/ids.js'

export interface Deed {
  readonly label: string
  readonly device: number
  /** The process that did it. */
  readonly process: number
  /** The server must not let it show. */
  readonly forbidden: boolean
  /** What it added to counters: by `schema/item field`. */
  readonly counted: ReadonlyMap<string, number>
  /**
   * What was promised: nothing yet; `kept`: a page that went has written it down, or its process lives on; `local`: durable
   * on the device; `server`: accepted; `refused`: its author was told so.
   */
  promise: 'none' | 'kept' | 'local' | 'server' | 'refused'
}

const ORDER: readonly Deed['promise'][] = ['none', 'kept', 'local', 'server', 'refused']

/** Identity: one for each world. */
export class Ledger {
  readonly deeds: Deed[] = []
  /** Devices that are gone for good, with what only they had. */
  readonly lost: Set<number> = new Set()
  /** Refusals that an app was told of, by the process: how often. */
  readonly told: Map<string, number> = new Map()
  private labels = 0

  nextLabel(): string {
    return `d${++this.labels}`
  }

  note(deed: Deed): void {
    this.deeds.push(deed)
  }

  promise(deeds: readonly Deed[], promise: Deed['promise']): void {
    for (const deed of deeds) {
      if (ORDER.indexOf(promise) > ORDER.indexOf(deed.promise)) deed.promise = promise
    }
  }

  tell(process: number, commit: CommitId): void {
    const key = `${process} ${commit}`
    this.told.set(key, (this.told.get(key) ?? 0) + 1)
  }
}
