import { createMergeableStore } from 'tinybase'
import type { Peer } from '../peer.js'
import { itemsOf } from './tinybase.js'

export const peer: Peer = {
  name: 'TinyBase, mergeable',
  packages: ['tinybase'],
  open: () => itemsOf(createMergeableStore()),
}
