/** What jest does after every test file. */
import { removeFolders } from '../new-folder';

afterAll(removeFolders);
