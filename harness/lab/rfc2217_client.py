# pyserial as the host of attest emulate --rfc2217: prints "ok NAME" or "FAIL NAME: why" a check, and "done" at its end.
# usage: rfc2217_client.py ADDRESS:PORT
import sys
import time

import serial

port = serial.serial_for_url("rfc2217://" + sys.argv[1], baudrate=115200, timeout=20)


def check(name, got, wanted):
    print("ok " + name if got == wanted else "FAIL %s: %r, expected %r" % (name, got, wanted), flush=True)


def ask(line, until=b"OK\r\n"):
    port.write(line + b"\r")
    return port.read_until(until)


# A notification is a message of its own: pyserial's thread takes it in without a word.
def settles(name, read, wanted):
    until = time.monotonic() + 10
    while read() != wanted and time.monotonic() < until:
        time.sleep(0.01)
    check(name, read(), wanted)


settles("DCD is on", lambda: port.cd, True)
settles("DSR is on", lambda: port.dsr, True)
settles("CTS is on", lambda: port.cts, True)
check("RI is off", port.ri, False)
check("a command is answered", ask(b"ATE0")[-6:], b"\r\nOK\r\n")
for baud in 9600, 57600, 123456, 115200:
    port.baudrate = baud
    check("baud %d is set" % baud, port.baudrate, baud)

# 27 bytes of ten bits at 1200 bit/s take 225 ms.
port.baudrate = 1200
began = time.monotonic()
check("an answer at 1200 baud", ask(b"AT+CSQ"), b"\r\n+CSQ: 18,0\r\n\r\nOK\r\n")
check("takes its time", time.monotonic() - began >= 0.225, True)
port.baudrate = 115200

check("AT+HTTPINIT", ask(b"AT+HTTPINIT"), b"\r\nOK\r\n")
check("a bearer", ask(b"AT+SAPBR=1,1"), b"\r\nOK\r\n")
check("a URL", ask(b'AT+HTTPPARA="URL","www.sim.com/echo"'), b"\r\nOK\r\n")
body = bytes(range(256)) * 4 + b"\r\0\r\n\xff\xff\xff\xf0" + b"\xff" * 1000
check("DOWNLOAD", ask(b"AT+HTTPDATA=%d,20000" % len(body), b"DOWNLOAD\r\n"), b"\r\nDOWNLOAD\r\n")
settles("DCD is off while data is taken", lambda: port.cd, False)
port.write(body)
check("data is taken", port.read_until(b"OK\r\n"), b"\r\nOK\r\n")
settles("DCD is on again", lambda: port.cd, True)
done = b"+HTTPACTION: 1,200,%d\r\n" % len(body)
check("a POST", ask(b"AT+HTTPACTION=1", done)[-len(done):], done)
head = b"\r\n+HTTPREAD: %d\r\n" % len(body)
port.write(b"AT+HTTPREAD\r")
check("every byte comes back", port.read(len(head) + len(body) + 6), head + body + b"\r\nOK\r\n")

# pyserial raises an error where SET-CONTROL is not answered.
port.dtr = False
port.dtr = True
port.rts = False
port.rts = True
port.break_condition = True
port.break_condition = False
check("after DTR, RTS and break", ask(b"AT"), b"\r\nOK\r\n")

port.close()
port = serial.serial_for_url("rfc2217://" + sys.argv[1], baudrate=115200, timeout=20)
check("the next host finds the module as it was", ask(b"AT"), b"\r\nOK\r\n")
port.close()
print("done")
