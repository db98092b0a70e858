import type { Question } from '../question.js'
import { askPage } from '../react-question.js'

export const question: Question = {
  name: 'react-query',
  title: 'React: edit a visible row of a query of 10,000 items',
  unit: 'ms',
  variants: [
    { key: 'rows', title: 'the list gets rows', size: 10_000, target: 0.22 },
    {
      key: 'ids',
      title: 'the list gets names, its rows listen by themselves',
      size: 10_000,
      target: 0.22,
      peers: ['floor', 'ibex', 'tinybase'],
    },
  ],
  peers: ['floor', 'ibex', 'zustand', 'redux', 'jotai', 'valtio', 'mobx', 'tanstack'],
  run: (peer, { size, key }, effort) => askPage(peer, key === 'ids' ? 'ids' : 'query', 'title', size, effort),
}
