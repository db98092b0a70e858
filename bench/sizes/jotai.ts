/** A store in memory, kept in `localStorage`. */
export { atom, Provider, useAtom, useAtomValue } from 'jotai'
export { atomWithStorage, selectAtom } from 'jotai/utils'
