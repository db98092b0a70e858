/** What a library must do to show tasks in React. Adapters are written as the library's documentation advises. */
import type { ComponentType, FunctionComponent, ReactNode } from 'react'
import type { Edit, Task } from '../tasks.js'

export interface Row {
  readonly id: string
  readonly title: string
}

/** As some libraries name it. */
export interface NamedRow {
  readonly $id: string
  readonly title: string
}

/** Tasks on the screen. */
export interface Screen {
  /** Names of the tasks, by their numbers. */
  readonly ids: readonly string[]
  readonly Provider?: ComponentType<{ readonly children: ReactNode }>
  /** Wraps components, in a library that wants it; otherwise it is `memo`. */
  observe?<P extends object>(component: FunctionComponent<P>): FunctionComponent<P>
  /** One task, in the component that shows it. */
  useTask(id: string): Row
  /** The live query of the benchmarks. Rows keep identity while they do not change. */
  useOpen?(): readonly (Row | NamedRow)[]
  /** The names of its rows alone, in a library that has that. */
  useOpenIds?(): readonly string[]
  update(id: string, edit: Edit): void
}

/** Makes a library's collection of these tasks. */
export type OpenScreen = (tasks: readonly Task[]) => Screen | Promise<Screen>
