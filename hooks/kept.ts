'use client'
/** What a component makes of the history while it renders, and keeps for as long as it is mounted. */
import { useInsertionEffect, useMemo } from 'react'
import type { History } from '../src/index.js'
import { both, type HeldHistory, heldHistory } from './held-history.js'
import { itself, useOfHistory } from './of-history.js'
import type { Scope } from './scope.js'
import { Holders } from './holders.js'

interface Costly {
  close(): void
}

/**
 * What `make` makes of the scope's history, once for each mounted component, while it is wanted; closed some seconds after it
 * is not, or the component was unmounted, or its first render was given up. Suspends until the history is open.
 */
export function useKept<T extends Costly>(scope: Scope, wanted: boolean, make: (history: History) => T): T | undefined {
  const held = heldHistory(scope)
  const history = useOfHistory(scope, true, wanted ? '' : null, itself)
  const kept = useMemo(() => new Kept<T>(held), [held])
  const value = typeof history === 'string' ? undefined : kept.get(history, make)
  // Not an effect of another kind: those are undone while React hides the tree, which is rendered in the meantime.
  useInsertionEffect(() => (wanted ? kept.join() : undefined), [kept, wanted])
  return value
}

class Kept<T extends Costly> {
  private readonly held: HeldHistory
  private history: History | undefined
  private value: T | undefined
  private readonly holders = new Holders(() => this.end())

  constructor(held: HeldHistory) {
    this.held = held
  }

  get(history: History, make: (history: History) => T): T {
    if (!this.value || this.history !== history) {
      this.value = make(history)
      this.history = history
    }
    this.holders.expect()
    return this.value
  }

  join(): () => void {
    return both(this.holders.join(), this.held.join())
  }

  private end(): void {
    this.value?.close()
    this.value = undefined
  }
}
