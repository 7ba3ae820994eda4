import { type Language, speak } from '../../language/language.js';

// The host has written it into the page.
speak(JSON.parse(document.body.dataset.language ?? '{"name":"en"}') as Language);
