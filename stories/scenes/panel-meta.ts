/** What all stories of the panel share. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, type within } from 'storybook/test'
import { outOfReach } from './by-keys.js'
import { ShownPanel } from './shown-panel.js'

export type PanelStory = StoryObj<typeof ShownPanel>

export const panelMeta = {
  component: ShownPanel,
  argTypes: {
    view: {
      control: 'select',
      options: ['timeline', 'graph', 'items', 'conflicts', 'queries', 'sync', 'rejected', 'storage', 'bisect'],
    },
    theme: { control: 'inline-radio', options: ['light', 'dark'] },
    width: { control: { type: 'range', min: 320, max: 1600, step: 20 } },
    height: { control: { type: 'range', min: 240, max: 1000, step: 20 } },
    recording: { control: false },
    openSource: { control: false },
  },
  // However a story ends, all that is there can be used without a pointer.
  afterEach: ({ canvasElement }) => void expect(outOfReach(canvasElement)).toEqual([]),
} satisfies Meta<typeof ShownPanel>

export type Canvas = ReturnType<typeof within>

/** A scene has to be played before there is anything to see. */
export const SOON = { timeout: 40_000 } as const

/** The list of a view, once it is there. */
export const listOf = (canvas: Canvas, name: string): Promise<HTMLElement> =>
  canvas.findByRole(name === 'Items' ? 'treegrid' : 'grid', { name }, SOON)

/** Presses keys as somebody does who has just clicked into the panel. */
export async function press(
  list: HTMLElement,
  user: { keyboard(keys: string): Promise<void> },
  keys: string,
): Promise<void> {
  list.focus()
  await user.keyboard(keys)
  // What was asked for is shown at the next frame.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}
