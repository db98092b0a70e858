/** The recordings: made by `npm run record:stories` from the scripts beside them. */
import { type Recording, replayed } from '../scenes/stage.js'
import longFile from './long.ibexreplay?url'
import refusedFile from './refused.ibexreplay?url'
import scatteredFile from './scattered.ibexreplay?url'
import teamFile from './team.ibexreplay?url'
import undoneFile from './undone.ibexreplay?url'
import withheldFile from './withheld.ibexreplay?url'

export const team: Recording = replayed(teamFile, 'team')
export const scattered: Recording = replayed(scatteredFile, 'scattered')
export const undone: Recording = replayed(undoneFile, 'undone')
export const refused: Recording = replayed(refusedFile, 'refused')
export const long: Recording = replayed(longFile, 'long')
export const withheld: Recording = replayed(withheldFile, 'withheld')
