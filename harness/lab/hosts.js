// What hosts_servers.c describes, answered by nginx: a body of its own, what was sent behind it, and a record of what arrived.
import fs from 'fs';

function answer(r) {
	const v = r.variables, sent = r.requestBuffer === undefined ? Buffer.from('') : r.requestBuffer;
	const header = r.rawHeadersIn.map(h => h[0] + ': ' + h[1] + '\r\n').join('');
	const line = r.method + ' ' + v.scheme + '://' + r.headersIn['Host'] + v.request_uri + ' ' + Buffer.from(header).length + ' ' + sent.length + '\n';

	fs.appendFileSync(v.hosts_seen, Buffer.concat([Buffer.from(line + header), sent]));
	r.headersOut['Content-Type'] = 'text/plain';
	r.return(200, Buffer.concat([fs.readFileSync(v.hosts_body), v.hosts_echo === '1' ? sent : Buffer.from('')]));
}

export default { answer };
