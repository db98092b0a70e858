/**
 * What few sessions need of this floor: checkpoints once a log is long, and what is done when something went wrong or out of
 * the ordinary. It is loaded when it is (`on-demand.ts`), in one part, because bundlers put what several parts share with
 * the rest into chunks of its own.
 */
import { canRead, readCheckpoint, writeCheckpoint } from './checkpoint.js'
import { complete, Reopening, sealWords } from './clone.js'
import { Finisher } from './finishing.js'
import { describeDamage, mend, placeAll, remakeStranded, strand } from './mending.js'
import { redate } from './redate.js'
import { readHeirs, settleRivals, yieldTo } from './remake.js'
import { mergeLog } from './takeover.js'

export interface Seldom {
  readonly complete: typeof complete
  readonly Reopening: typeof Reopening
  readonly sealWords: typeof sealWords
  readonly canRead: typeof canRead
  readonly readCheckpoint: typeof readCheckpoint
  readonly writeCheckpoint: typeof writeCheckpoint
  readonly Finisher: typeof Finisher
  readonly describeDamage: typeof describeDamage
  readonly mend: typeof mend
  readonly placeAll: typeof placeAll
  readonly remakeStranded: typeof remakeStranded
  readonly strand: typeof strand
  readonly redate: typeof redate
  readonly readHeirs: typeof readHeirs
  readonly settleRivals: typeof settleRivals
  readonly yieldTo: typeof yieldTo
  readonly mergeLog: typeof mergeLog
}

export const seldom: Seldom = {
  complete,
  Reopening,
  sealWords,
  canRead,
  readCheckpoint,
  writeCheckpoint,
  Finisher,
  describeDamage,
  mend,
  placeAll,
  remakeStranded,
  strand,
  redate,
  readHeirs,
  settleRivals,
  yieldTo,
  mergeLog,
}
