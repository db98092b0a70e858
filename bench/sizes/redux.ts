/** A store in memory. */
export { configureStore, createEntityAdapter, createSelector, createSlice } from '@reduxjs/toolkit'
export { Provider, useDispatch, useSelector } from 'react-redux'
