using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Runtime.Serialization;
using Wolverine.Runtime.Serialization.Encryption;

namespace Practice.Shared.Messaging;

/// <summary>
/// Has Wolverine encrypt the messages that it stores. Messages that an earlier release stored are read as they are.
/// </summary>
internal sealed class MessageEncryption(EncryptionKeys keys) : IWolverineExtension
{
    /// <summary>Beside the serializer of what is stored as JSON.</summary>
    public void Configure(WolverineOptions options) =>
        options.DefaultSerializer = new Serializer(options.DefaultSerializer, keys);

    /// <summary>
    /// Wolverine's own serializers, one of the two: for an hour after an upgrade
    /// hosts that cannot decrypt may be running.
    /// </summary>
    private sealed class Serializer(IMessageSerializer clear, EncryptionKeys keys) : IMessageSerializer
    {
        private readonly EncryptingMessageSerializer _encrypting = new(clear, keys);

        public string ContentType => keys.IsUsedLater ? clear.ContentType : _encrypting.ContentType;

        public byte[] Write(Envelope envelope) => For(envelope).Write(envelope);

        public object ReadFromData(Type messageType, Envelope envelope) =>
            For(envelope).ReadFromData(messageType, envelope);

        public byte[] WriteMessage(object message) => _encrypting.WriteMessage(message);

        public object ReadFromData(byte[] data) => _encrypting.ReadFromData(data);

        private IMessageSerializer For(Envelope envelope) =>
            envelope.ContentType == _encrypting.ContentType ? _encrypting : clear;
    }
}
