import type { OpenScreen } from '../screen.js'
import { openBy } from './ibex.js'

export const open: OpenScreen = (tasks) => openBy('schema', tasks)
