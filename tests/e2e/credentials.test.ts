import { credentialStory } from './credential-story.js';
import { StartedProgram } from './started-program.js';

credentialStory(async (folder, ...args) => StartedProgram.start(folder, ...args));
