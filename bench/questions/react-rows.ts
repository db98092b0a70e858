import type { Question } from '../question.js'
import { askPage } from '../react-question.js'

export const question: Question = {
  name: 'react-rows',
  title: 'React: edit one of 1,000 rows, until the document shows it',
  unit: 'ms',
  variants: [{ key: '1k', title: '', size: 1000, must: true, timesFloor: 1.15 }],
  peers: ['floor', 'ibex', 'ibex-by-schema', 'zustand', 'redux', 'jotai', 'valtio', 'mobx', 'tinybase', 'tanstack'],
  run: (peer, { size }, effort) => askPage(peer, 'rows', 'title', size, effort),
}
