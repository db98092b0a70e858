/** What all stories of the hooks share. */
import type { StoryObj } from '@storybook/react-vite'
import type { ComponentType, ReactElement } from 'react'
import { within } from 'storybook/test'
import { type Canvas, SOON } from './panel-meta.js'
import { TwoClients } from './two-clients.js'

/** `props`: the example's own, where there is something to choose. */
export type HookStory<P = object> = StoryObj<ComponentType<P>>

/** A page about a hook: what it is for, an example that two people use at once, and its program. */
export function hookMeta<P extends object>(Example: ComponentType<P>, program: string, description: string) {
  return {
    component: Example,
    render: (args: P): ReactElement => (
      <TwoClients>
        <Example {...args} />
      </TwoClients>
    ),
    parameters: {
      layout: 'padded',
      docs: {
        description: { component: description },
        source: { code: program, language: 'tsx' },
        canvas: { sourceState: 'shown' },
      },
    },
  }
}

/** What one of the two sees. */
export const clientOf = async (canvas: Canvas, name: 'Ada' | 'Lin'): Promise<Canvas> =>
  within(await canvas.findByRole('region', { name }, SOON))

/** Takes the connection away from one of the two, or gives it back. */
export async function toggleOffline(client: Canvas, user: { click(element: Element): Promise<void> }): Promise<void> {
  await user.click(client.getByRole('switch', { name: 'Offline' }))
}
