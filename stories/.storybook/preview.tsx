import type { Preview } from '@storybook/react-vite'
import './preview.css'
import { alsoInTheDark } from '../scenes/also-in-the-dark.js'
import { StageTheme, type Theme } from '../scenes/stage-theme.js'

const IS_TEST = Boolean(import.meta.env['VITE_IS_TEST'])

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    // A violation fails the story's test. Style sheets are read for one rule only, on how a phone is held. What passes is listed
    // for people only: thousands of elements a story, each with its markup.
    a11y: { test: 'error', options: { preload: false, ...(IS_TEST && { resultTypes: ['violations'] }) } },
    controls: { expanded: true },
    options: { storySort: { order: ['Panel', 'Hooks'] } },
    docs: { codePanel: true },
  },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        title: 'Theme',
        icon: 'contrast',
        items: ['light', 'dark'],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { theme: 'light' },
  afterEach: (context) => (IS_TEST ? alsoInTheDark(context) : undefined),
  decorators: [
    (Story, { globals, parameters }) => {
      const theme = globals['theme'] as Theme
      return (
        <StageTheme value={theme}>
          <div className={parameters['layout'] === 'fullscreen' ? 'stage' : 'page'} data-theme={theme}>
            <Story />
          </div>
        </StageTheme>
      )
    },
  ],
}
export default preview
