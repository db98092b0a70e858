import type { Question } from '../question.js'
import { askPage } from '../react-question.js'

export const question: Question = {
  name: 'react-move',
  title: 'React: a row moves to the top of a query of 10,000 items',
  unit: 'ms',
  variants: [
    { key: 'rows', title: 'the list gets rows', size: 10_000, target: 1 },
    { key: 'ids', title: 'the list gets names', size: 10_000, target: 1, peers: ['floor', 'ibex', 'tinybase'] },
  ],
  peers: ['floor', 'ibex', 'zustand', 'redux', 'jotai', 'valtio', 'mobx', 'tanstack'],
  run: (peer, { size, key }, effort) => askPage(peer, key === 'ids' ? 'ids' : 'query', 'move', size, effort),
}
