/** `inspectable`: an app's word that devtools may look into a store. */
import type { Store } from '../store/face.js'
import type { Inspectable } from '../store/options.js'
import type { AppStore } from '../store/store.js'
import { announce } from './announce.js'
import type { Redact } from './masks.js'

export interface InspectOptions {
  /**
   * Masks values before they leave the page: answers what is shown in place of one, of the same kind, or the value itself. It
   * is called for each value of each change that a panel gets to see, and must depend on nothing else.
   */
  readonly redact?: Redact
}

/**
 * Opens a store to devtools, in a production build too: `createStore({ schemas, devtools: inspectable() })`. Everybody who can
 * run code in the page, an extension say, can then read all that the store holds, and write as the app does.
 */
export function inspectable({ redact }: InspectOptions = {}): Inspectable {
  return (store: AppStore, face?: Store) => void announce(store, { load: () => import('./agent.js'), face, redact })
}
