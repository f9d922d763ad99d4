import { language } from './lib/language.js'
import '@fontsource-variable/besley/index.css'
import '@fontsource-variable/public-sans/index.css'
import './styles/tokens.css'
import './styles/base.css'

document.documentElement.lang = language
// The texts' modules take their language when they are first evaluated.
if (language === 'fr') await import('./french.js')
const { start } = await import('./start.js')
start()
