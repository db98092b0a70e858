/** Documents alone: no storage, network, React or queries. */
export { LoroDoc, LoroList, LoroMap } from 'loro-crdt'
