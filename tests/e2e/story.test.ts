import { enterpriseStory } from './enterprise-story.js';
import { StartedProgram } from './started-program.js';

enterpriseStory(async (folder, ...args) => StartedProgram.start(folder, ...args));
