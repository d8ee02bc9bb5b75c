using Practice.Shared.Persistence;

namespace Practice.Host.FrontEnd;

/// <summary>
/// Encrypts what the front end stores in the database. The key is derived like the passwords of the database roles:
/// every host has it, and with another owner's password browsers sign in again.
/// </summary>
internal sealed class SessionEncryption(PracticeDatabase database) : DataEncryption(database.SecretFor("front-end"));
