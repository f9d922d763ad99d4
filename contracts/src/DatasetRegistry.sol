// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {
    ConsentUpdate,
    Contribution,
    Dataset,
    IDatasetRegistry,
    Pool,
    Withdrawal
} from "./interfaces/IDatasetRegistry.sol";
import {Flags} from "./libraries/Flags.sol";
import {MessageHash} from "./libraries/MessageHash.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";

/// @title DatasetRegistry
/// @notice Owners, consent and pools.
contract DatasetRegistry is IDatasetRegistry, GranaryDomain, Ownable2Step {
    using MessageHash for Contribution;
    using MessageHash for ConsentUpdate;
    using MessageHash for Withdrawal;
    using MessageHashUtils for bytes32;

    // -------------------------------------------------------------------------------------------------------- types

    /// @dev One slot, the owner in its lowest bits (see `_write`).
    struct Record {
        address owner;
        uint32 purposes;
        uint40 expires;
        uint16 pool;
        uint8 flags;
    }

    enum PoolState {
        Unknown,
        Open,
        Closed
    }

    struct PoolRecord {
        uint128 price;
        PoolState state;
        bytes32 terms;
        uint256 lowestPrice;
    }

    // ------------------------------------------------------------------------------------------------------ storage

    mapping(bytes32 dataset => Record) private _records;

    /// @dev Written only once consent was changed.
    mapping(bytes32 dataset => uint40) private _issued;

    mapping(uint16 pool => PoolRecord) private _pools;

    /// @inheritdoc IDatasetRegistry
    uint16 public poolCount;

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(address owner) Ownable(owner) {}

    // ---------------------------------------------------------------------------------------------- signed messages

    /// @inheritdoc IDatasetRegistry
    function contribute(Contribution[] calldata items, bytes[] calldata signatures) external {
        if (items.length != signatures.length) revert LengthMismatch(items.length, signatures.length);
        bytes32 domain = DOMAIN_SEPARATOR();
        for (uint256 i; i < items.length; ++i) {
            bytes4 reason = _contribute(items[i], signatures[i], domain);
            if (reason != 0) emit Skipped(i, reason);
        }
    }

    /// @inheritdoc IDatasetRegistry
    function updateConsent(ConsentUpdate[] calldata items, bytes[] calldata signatures) external {
        if (items.length != signatures.length) revert LengthMismatch(items.length, signatures.length);
        bytes32 domain = DOMAIN_SEPARATOR();
        for (uint256 i; i < items.length; ++i) {
            bytes4 reason = _updateConsent(items[i], signatures[i], domain);
            if (reason != 0) emit Skipped(i, reason);
        }
    }

    /// @inheritdoc IDatasetRegistry
    function withdraw(Withdrawal[] calldata items, bytes[] calldata signatures) external {
        if (items.length != signatures.length) revert LengthMismatch(items.length, signatures.length);
        bytes32 domain = DOMAIN_SEPARATOR();
        for (uint256 i; i < items.length; ++i) {
            bytes4 reason = _withdraw(items[i], signatures[i], domain);
            if (reason != 0) emit Skipped(i, reason);
        }
    }

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc IDatasetRegistry
    function createPool(bytes32 terms, uint256 lowestPrice, uint256 price) external onlyOwner returns (uint16 id) {
        if (terms == 0) revert TermsMissing();
        uint128 checked = _checkedPrice(price, lowestPrice);
        id = ++poolCount;
        _pools[id] = PoolRecord({price: checked, state: PoolState.Open, terms: terms, lowestPrice: lowestPrice});
        emit PoolCreated(id, terms, lowestPrice, price);
    }

    /// @inheritdoc IDatasetRegistry
    function setPrice(uint16 id, uint256 price) external onlyOwner {
        PoolRecord storage record = _knownPool(id);
        record.price = _checkedPrice(price, record.lowestPrice);
        emit PoolPriceChanged(id, price);
    }

    /// @inheritdoc IDatasetRegistry
    function setClosed(uint16 id, bool closed) external onlyOwner {
        _knownPool(id).state = closed ? PoolState.Closed : PoolState.Open;
        emit PoolClosed(id, closed);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IDatasetRegistry
    function datasetId(address owner, bytes32 content) external pure returns (bytes32) {
        return _datasetId(owner, content);
    }

    /// @inheritdoc IDatasetRegistry
    function dataset(bytes32 id) public view returns (Dataset memory) {
        Record memory record = _records[id];
        return Dataset({
            owner: record.owner,
            purposes: record.purposes,
            expires: record.expires,
            pool: record.pool,
            flags: record.flags,
            issued: _issued[id]
        });
    }

    /// @inheritdoc IDatasetRegistry
    function datasets(bytes32[] calldata ids) external view returns (Dataset[] memory found) {
        found = new Dataset[](ids.length);
        for (uint256 i; i < ids.length; ++i) {
            found[i] = dataset(ids[i]);
        }
    }

    /// @inheritdoc IDatasetRegistry
    function pool(uint16 id) external view returns (Pool memory) {
        PoolRecord storage record = _pools[id];
        return Pool({
            terms: record.terms,
            lowestPrice: record.lowestPrice,
            price: record.price,
            closed: record.state == PoolState.Closed
        });
    }

    // ---------------------------------------------------------------------------------------------------- internals

    /// @dev Each returns zero, or the selector of the error for which nothing was done.
    function _contribute(Contribution calldata item, bytes calldata signature, bytes32 domain)
        private
        returns (bytes4)
    {
        bytes32 id = _datasetId(item.owner, item.content);
        bytes4 reason = _refusal(item, _records[id]);
        if (reason != 0) return reason;
        if (!SignatureCheck.isValid(item.owner, domain.toTypedDataHash(item.hash()), signature)) {
            return SignatureInvalid.selector;
        }

        _write(id, item.owner, item.purposes, item.expires, item.pool, item.flags);
        emit Contributed(
            id, item.owner, item.pool, item.content, item.metadata, item.purposes, item.expires, item.flags
        );
        return 0;
    }

    /// @dev Everything that speaks against a contribution but its signature, which costs most.
    function _refusal(Contribution calldata item, Record storage record) private view returns (bytes4) {
        if (block.timestamp > item.deadline) return MessageExpired.selector;
        if (record.owner != address(0)) {
            return record.flags & Flags.WITHDRAWN == 0 ? DatasetExists.selector : DatasetWithdrawn.selector;
        }
        if (!Purposes.isDefined(item.purposes)) return PurposesUndefined.selector;
        if (item.flags & ~Flags.CONTRIBUTED != 0) return FlagsUndefined.selector;
        if (_isPast(item.expires)) return ConsentExpired.selector;
        PoolState state = _pools[item.pool].state;
        if (state == PoolState.Open) return 0;
        return state == PoolState.Closed ? PoolIsClosed.selector : PoolUnknown.selector;
    }

    function _updateConsent(ConsentUpdate calldata item, bytes calldata signature, bytes32 domain)
        private
        returns (bytes4)
    {
        bytes32 id = item.dataset;
        Record memory record = _records[id];

        if (block.timestamp > item.deadline) return MessageExpired.selector;
        if (record.owner == address(0)) return DatasetUnknown.selector;
        if (record.flags & Flags.WITHDRAWN != 0) return DatasetWithdrawn.selector;
        if (!Purposes.isDefined(item.purposes)) return PurposesUndefined.selector;
        if (_isPast(item.expires)) return ConsentExpired.selector;
        if (item.issued > block.timestamp) return ConsentFromFuture.selector;
        if (item.issued <= _issued[id]) return ConsentOutdated.selector;
        if (!SignatureCheck.isValid(record.owner, domain.toTypedDataHash(item.hash()), signature)) {
            return SignatureInvalid.selector;
        }

        uint8 flags = (record.flags & Flags.RAW_ROOT) | (item.ask ? Flags.ASK : 0);
        _write(id, record.owner, item.purposes, item.expires, record.pool, flags);
        _issued[id] = item.issued;
        emit ConsentUpdated(id, item.purposes, item.expires, item.ask, item.issued);
        return 0;
    }

    function _withdraw(Withdrawal calldata item, bytes calldata signature, bytes32 domain) private returns (bytes4) {
        address owner = item.owner;
        bytes32 id = _datasetId(owner, item.content);
        uint8 flags = _records[id].flags;

        if (!SignatureCheck.isValid(owner, domain.toTypedDataHash(item.hash()), signature)) {
            return SignatureInvalid.selector;
        }

        if (flags & Flags.WITHDRAWN != 0) return 0;

        _write(id, owner, 0, 0, 0, (flags & Flags.RAW_ROOT) | Flags.WITHDRAWN);
        emit Withdrawn(id, owner, item.content);
        return 0;
    }

    /// @dev Writes the slot at once. The compiler would write it field by field, at 200 gas each.
    function _write(bytes32 id, address owner, uint32 purposes, uint40 expires, uint16 poolId, uint8 flags) private {
        uint256 word = uint160(owner) | (uint256(purposes) << 160) | (uint256(expires) << 192)
            | (uint256(poolId) << 232) | (uint256(flags) << 248);
        Record storage record = _records[id];
        assembly ("memory-safe") {
            sstore(record.slot, word)
        }
    }

    function _isPast(uint40 expires) private view returns (bool) {
        return expires != 0 && expires <= block.timestamp;
    }

    function _knownPool(uint16 id) private view returns (PoolRecord storage record) {
        record = _pools[id];
        if (record.state == PoolState.Unknown) revert PoolUnknown(id);
    }

    function _checkedPrice(uint256 price, uint256 lowestPrice) private pure returns (uint128) {
        if (price < lowestPrice) revert PriceBelowLowest(price, lowestPrice);
        if (price > type(uint128).max) revert PriceTooHigh(price);
        return uint128(price);
    }

    function _datasetId(address owner, bytes32 content) private pure returns (bytes32) {
        return keccak256(abi.encode(owner, content));
    }
}
