// End points of the lab's nginx that need more than its configuration (nginx.conf.in says what each is for).
import fs from 'fs';

function root(r) {
	return r.variables.document_root;
}

// The request's line and header as they came.
function head(r) {
	return r.method + ' ' + r.variables.request_uri + ' HTTP/' + r.httpVersion + '\r\n' +
	    r.rawHeadersIn.map(h => h[0] + ': ' + h[1] + '\r\n').join('') + '\r\n';
}

function send(r, status, type, body) {
	r.headersOut['Content-Type'] = type;
	r.return(status, body);
}

function sent(r) {
	return r.requestBuffer === undefined ? Buffer.from('') : r.requestBuffer;
}

function echo(r) {
	send(r, 200, 'text/plain', Buffer.concat([Buffer.from(head(r)), sent(r)]));
}

function body(r) {
	send(r, 200, 'application/octet-stream', sent(r));
}

function status(r) {
	const n = Number(r.uri.split('/')[2]);

	send(r, n, 'text/plain', n === 204 || n === 304 ? '' : 'status ' + n + '\r\n');
}

function redirect(r) {
	const part = r.uri.match(/^\/redirect\/(\d+)(\/.*)$/);
	const to = part[2] === '/loop' ? r.uri : part[2];

	r.return(Number(part[1]), 'http://' + r.headersIn['Host'] + to);
}

function slow(r) {
	const part = r.uri.match(/^\/slow\/(\d+)(\/.*)$/);

	setTimeout(() => r.internalRedirect(part[2]), Number(part[1]));
}

// A buffer's bytes as numbers: r.send takes strings only.
function bytes(buffer) {
	const list = [];

	for (let i = 0; i < buffer.length; i++)
		list.push(buffer[i]);
	return list;
}

function cut(r) {
	const part = r.uri.match(/^\/cut\/(\d+)(\/.*)$/);
	let all;

	try {
		all = fs.readFileSync(root(r) + part[2]);
	} catch (e) {
		r.return(404);
		return;
	}
	r.headersOut['Content-Type'] = 'application/octet-stream';
	r.headersOut['Content-Length'] = all.length;
	r.status = 200;
	r.sendHeader();
	r.send(String.bytesFrom(bytes(all.slice(0, Number(part[1])))));
	setTimeout(() => r.finish(), 50);	// what was sent is out by then: ending at once would take it back
}

function silent(r) {
	setTimeout(() => r.return(204), 24 * 3600 * 1000);
}

export default { echo, body, status, redirect, slow, cut, silent };
