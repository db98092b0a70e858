/** How much room the panel has: beside each other, below each other, or hardly any. */
import { type Context, createContext, useContext } from 'react'

export type Shape = 'wide' | 'tall' | 'narrow'

export function shapeOf(width: number): Shape {
  return width >= 860 ? 'wide' : width >= 480 ? 'tall' : 'narrow'
}

export const ShapeContext: Context<Shape> = createContext<Shape>('wide')

export const usePanelShape = (): Shape => useContext(ShapeContext)
