/** A store in memory. */
export { proxy, subscribe, useSnapshot } from 'valtio'
