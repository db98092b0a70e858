/** What a panel in a story looks at: people at work in the page, or a recording of them. */
import type { Store } from 'ibex-state'
import type { Inspection } from '../../src/inspect/face.js'
import type { Rhythm } from '../../src/server/checkpoint-keeper.js'
import { inspectReplay } from '../../src/inspect/inspected-replay.js'
import type { Live } from '../../src/inspect/live.js'
import type { Script } from '../recordings/scripts.js'
import { type PageKind, World } from './world.js'

export interface Stage {
  readonly inspection: Inspection
  /** Those of people at work. */
  readonly stores: readonly Store[]
  close(): void
}

/** Sets a stage; the same function is the same stage. */
export type Recording = () => Promise<Stage>

/**
 * People at work, whose app is there: the panel can have things done in it. `after`: what they do while it looks. `rhythm`:
 * when the server makes keyframes.
 */
export const live =
  (
    script: Script,
    page: PageKind = 'well',
    after?: (world: World, stores: readonly Store[]) => void,
    rhythm?: Rhythm,
  ): Recording =>
  async () => {
    const world = await new World().open(rhythm)
    const stores = await script(world)
    world.run()
    const inspection = world.inspect(stores, page)
    after?.(world, stores)
    return {
      inspection,
      stores,
      close() {
        inspection.close()
        void world.close()
      },
    }
  }

/** A replay file, by its address. */
export const replayed =
  (address: string, name: string): Recording =>
  async () => {
    const bytes = await (await fetch(address)).arrayBuffer()
    const { store, close } = await inspectReplay(new Uint8Array(bytes), name)
    return { inspection: { pages: still([]), stores: still([store]), close }, stores: [], close }
  }

const still = <T>(value: T): Live<T> => ({ get: () => value, subscribe: () => () => {} })
