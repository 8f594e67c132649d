import { dirname, join } from 'node:path';
import { javaCommand } from '../../scripts/stack/java.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';

export const KEYSTORE_PASSWORD = 'changeit';

/**
 * Makes a key and a certificate of its own for 127.0.0.1 and localhost, for a server in Java.
 *
 * @param keystore the PKCS12 file that the server gets
 * @param folder for the certificate and a log
 * @returns the PEM file of the certificate, for clients
 */
export async function makeCertificate(keystore: string, folder: string): Promise<string> {
  const home = dirname(javaCommand());
  const keytool = home === '.' ? 'keytool' : join(home, 'keytool');
  const store = ['-keystore', keystore, '-storepass', KEYSTORE_PASSWORD, '-alias', 'server'];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-validity', '30'];
  const certificate = join(folder, 'ca.pem');
  const logFile = join(folder, 'keytool.log');
  await runCommand({
    purpose: 'make a key',
    command: keytool,
    args: ['-genkeypair', '-keyalg', 'RSA', '-storetype', 'PKCS12', ...store, ...names],
    logFile,
  });
  await runCommand({
    purpose: 'export a certificate',
    command: keytool,
    args: ['-exportcert', '-rfc', '-file', certificate, ...store],
    logFile,
  });
  return certificate;
}
