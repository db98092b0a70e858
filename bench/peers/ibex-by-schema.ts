import type { Peer } from '../peer.js'
import { peer as ibex } from './ibex.js'

/** Where a screen is asked: rows that look for the provider, as in the README. */
export const peer: Peer = { ...ibex, name: 'Ibex, by schema' }
