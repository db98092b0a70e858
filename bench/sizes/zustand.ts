/** A store in memory, kept in `localStorage`. */
export { create } from 'zustand'
export { persist } from 'zustand/middleware'
export { useShallow } from 'zustand/react/shallow'
