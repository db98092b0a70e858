/** One shared title on two screens. */
export interface SharedTitle {
  /** Resolves when the other side can be reached and the title is there. */
  readonly ready: Promise<void>
  set(title: string): void
  /** Calls the listener with the title after each change. */
  listen(listener: (title: string) => void): void
}
