/** People at work in the page, for what a recording cannot show: how the app is connected, and what a panel has it do. */
import { live, type Recording } from '../scenes/stage.js'
import * as scripts from './scripts.js'
import {
  alone,
  damaged,
  drivable,
  late,
  masked,
  maskedAndRefused,
  ofAnotherVersion,
  refusedWithMuch,
} from './troubled.js'

export const teamAtWork: Recording = live(scripts.team)
export const nothing: Recording = live(scripts.nothing)
export const noStore: Recording = live(scripts.noStore)
export const twoStores: Recording = live(scripts.twoStores)
export const offline: Recording = live(scripts.offline)
export const refusedAtWork: Recording = live(scripts.refused)
export const scatteredAtWork: Recording = live(scripts.scattered)
export const crowdAtWork: Recording = live(scripts.crowd)
export const restyledAtWork: Recording = live(scripts.restyled)
export const disputedAtWork: Recording = live(scripts.disputed)
export const asking: Recording = live(scripts.asking)
export const askingAtWork: Recording = live(scripts.asking, 'well', scripts.goOn)

export const damagedAtWork: Recording = live(damaged)
export const unreadable: Recording = live(ofAnotherVersion)
export const maskedAtWork: Recording = live(masked)
export const maskedAndRefusedAtWork: Recording = live(maskedAndRefused)
export const refusedWithMuchAtWork: Recording = live(refusedWithMuch)
export const deviceOnly: Recording = live(alone)
/** Its server makes keyframes early. */
const EARLY = { commits: 20, bytes: 2 ** 30, worthwhile: 10, idleMs: 1000 }
export const newDevice: Recording = live(late, 'well', undefined, EARLY)
export const drivableApp: Recording = live(drivable)

export const silentPage: Recording = live(scripts.nothing, 'silent')
export const pageOfAnotherVersion: Recording = live(scripts.nothing, 'otherwise')
export const lostPage: Recording = live(scripts.team, 'lost')
export const endedPage: Recording = live(scripts.team, 'ended')
export const slowLongAgo: Recording = live(scripts.longAgo, 'slow with older')
export const slowPage: Recording = live(scripts.team, 'slow')
