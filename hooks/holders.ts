'use client'

/** So many milliseconds something that costs is kept for those who may come back. */
const IDLE_MS = 5000

/** Counts who holds something that costs, and ends it when nobody has for a while. */
export class Holders {
  private count = 0
  private ending: ReturnType<typeof setTimeout> | undefined
  private readonly end: () => void

  constructor(end: () => void) {
    this.end = end
  }

  /** Somebody holds it, until what is returned is called. */
  join(): () => void {
    this.count++
    clearTimeout(this.ending)
    let joined = true
    return () => {
      if (joined) this.count--
      joined = false
      this.expect()
    }
  }

  /** Somebody may come: a component that is being rendered does so only when it is mounted. */
  expect(): void {
    clearTimeout(this.ending)
    if (this.count === 0) this.ending = setTimeout(this.end, IDLE_MS)
  }
}
