// Hook of the sandbox's repository: has the sandbox's process act on a push, and shows whoever pushed what came of it.
const { request } = require('node:http');

const [socketPath] = process.argv.slice(2);
const outgoing = request({ socketPath, path: '/pushed', method: 'POST' }, (answer) => {
  let text = '';
  answer.setEncoding('utf8').on('data', (part) => (text += part));
  answer.on('end', () => {
    const lines = answer.statusCode === 200 ? JSON.parse(text) : [`The sandbox could not use it: ${text}`];
    for (const line of lines) console.log(line);
  });
});
outgoing.on('error', () =>
  console.log('The sandbox does not run. It takes this up when it starts: npx forge sandbox up'),
);
outgoing.end();
