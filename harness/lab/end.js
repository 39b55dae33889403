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
	return Number(r.headersIn['Content-Length'] || 0) === 0 ? Buffer.from('') : r.requestBuffer;
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

// The part of a body that "Range: bytes=FIRST-LAST" asks for: [first, last], or null for all of it.
function range(r, length) {
	const part = (r.headersIn['Range'] || '').match(/^bytes=(\d+)-(\d*)$/);

	if (!part || r.variables.lab_ranges !== '1' || r.variables.lab_status !== '200')
		return null;
	return [Number(part[1]), part[2] === '' ? length - 1 : Math.min(Number(part[2]), length - 1)];
}

// What a case's world line describes (lab_fixtures writes the location and its variables).
function answer(r) {
	const v = r.variables, to = v.lab_to, type = v.lab_type, cut = Number(v.lab_cut);
	let all = fs.readFileSync(root(r) + v.lab_file), part, length;

	r.status = Number(v.lab_status);
	if (v.lab_methods !== '' && (' ' + v.lab_methods).indexOf(' ' + r.method + ' ') < 0) {
		r.return(405);
		return;
	}
	if (v.lab_echo === '1')
		all = Buffer.concat([all, sent(r)]);
	if (v.lab_echo === '2')
		all = Buffer.concat([all, Buffer.from(head(r)), sent(r)]);
	part = range(r, all.length);
	if (part && part[0] >= all.length) {
		r.return(416);
		return;
	}
	if (part) {
		r.status = 206;
		r.headersOut['Content-Range'] = 'bytes ' + part[0] + '-' + part[1] + '/' + all.length;
		all = all.slice(part[0], part[1] + 1);
	}
	if (to !== '')
		r.headersOut['Location'] = to;
	r.headersOut['Content-Type'] = type !== '' ? type : 'text/html';
	length = all.length;
	if (r.status !== 204 && r.status !== 304)
		r.headersOut['Content-Length'] = length;
	if (cut >= 0 && cut < length)
		all = all.slice(0, cut);
	r.sendHeader();
	if (r.method !== 'HEAD' && r.status !== 204 && r.status !== 304 && all.length > 0)
		r.send(String.bytesFrom(bytes(all)));
	if (all.length < length)
		setTimeout(() => r.finish(), 50);
	else
		r.finish();
}

function described(r) {
	const latency = Number(r.variables.lab_latency);

	if (latency > 0)
		setTimeout(() => answer(r), latency);
	else
		answer(r);
}

function silent(r) {
	setTimeout(() => r.return(204), 24 * 3600 * 1000);
}

export default { echo, body, status, redirect, slow, cut, silent, described };
